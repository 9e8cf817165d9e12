"""The page map of the dashboard; pages are files beside this one, the engine is elsewhere."""

from __future__ import annotations

import streamlit as st

from gait.dashboard import analyse, style


def main() -> None:
    """Show the page that the address asks for."""
    st.set_page_config(page_title="gait: treadmill running", page_icon=style.ICON_SVG, layout="wide")
    style.apply()
    pages = [st.Page(analyse.page, title="Analyse a clip", default=True)]
    st.navigation(pages, position="hidden").run()


if __name__ == "__main__":
    main()
