"""The dashboard's page map, for `streamlit run app.py` in a checkout; `gait app` starts the same pages."""

from gait.dashboard.main import main

main()
