"""What Streamlit's theme cannot say: less empty space, cards that fit a phone, the colours of the report."""

from __future__ import annotations

from html import escape

import streamlit as st

# Drawn here, because Streamlit fetches named icons for the browser tab from a server elsewhere.
ICON_SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">'
    '<rect width="32" height="32" rx="7" fill="#0b3d5c"/>'
    '<path d="M4 26h24M18 7l-4 9 6 4-1 6M14 16l-5 7M17 10l6 4" stroke="#fff" stroke-width="2.6" fill="none" '
    'stroke-linecap="round" stroke-linejoin="round"/><circle cx="19.5" cy="5" r="2.6" fill="#fff"/></svg>'
)

_CSS = """
<style>
.stMainBlockContainer { padding-top: 2.2rem; padding-bottom: 3rem; max-width: 1180px; }
.stMainBlockContainer h1 { font-size: 2.1rem; padding: 0 0 .2rem; }
.stMainBlockContainer h2 { font-size: 1.5rem; }
.stMainBlockContainer h3 { font-size: 1.25rem; padding: .2rem 0 .4rem; }
header.stAppHeader { height: 2rem; min-height: 2rem; background: transparent; }
.gait-intro { border-left: 3px solid #15202b; padding: 2px 0 2px 12px; margin: 0 0 .4rem; font-size: .9rem;
  color: #15202b; max-width: 62em; }
.gait-intro p { margin: 0 0 .2rem; }
.gait-note { font-size: .85rem; line-height: 1.35; margin: -.55rem 0 0; min-height: 1.2rem; color: #4a5661; }
.gait-note.wrong { color: #9b1c1c; font-weight: 600; }
.body-map { width: 100%; max-width: 27rem; height: auto; }
/* Choices go on in the next line instead of out of sight, and nothing of an answer is cut off. */
.st-key-told_form [data-testid="stButtonGroup"] > div { flex-wrap: wrap; overflow: visible; }
.st-key-told_form [data-testid="stButtonGroup"] button { height: auto; text-align: left; }
.st-key-told_form [data-testid="stMarkdownContainer"], .st-key-told_form [data-testid="stMarkdownContainer"] p,
.st-key-told_form button span { white-space: normal; }
/* Left and right stay beside each other on a phone, where Streamlit would put them below one another. */
.st-key-pain_boxes [data-testid="stHorizontalBlock"] { flex-wrap: nowrap; }
.st-key-pain_boxes [data-testid="stColumn"] { min-width: 0; flex: 1 1 0; }
.st-key-pain_boxes label { padding: .22rem 0; }
.gait-cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(215px, 1fr)); gap: 12px; }
.gait-card { border: 1px solid #cfd6dc; border-radius: .6rem; padding: 14px 16px 12px; background: #fff; }
.gait-card .title { font-size: .92rem; color: #15202b; }
.gait-card .value { font-size: 1.9rem; font-weight: 650; line-height: 1.25; color: #0b3d5c;
  font-variant-numeric: tabular-nums; }
.gait-card .unit { font-size: 1rem; font-weight: 400; color: #15202b; }
.gait-card .interval { font-size: .82rem; color: #4a5661; }
.gait-card .plain { font-size: .85rem; color: #15202b; margin-top: .45rem; }
@media (max-width: 640px) {
  .stMainBlockContainer { padding-left: .9rem; padding-right: .9rem; }
  .stMainBlockContainer h1 { font-size: 1.6rem; }
  .gait-cards { grid-template-columns: 1fr 1fr; gap: 8px; }
  .gait-card { padding: 10px 12px; }
  .gait-card .value { font-size: 1.5rem; }
  .gait-card .plain { display: none; }
}
</style>
"""


def apply() -> None:
    """Put the style into the page."""
    st.html(_CSS)


def paragraphs(*texts: str, name: str = "gait-intro") -> None:
    """Show plain text in one of our styles; signs that HTML or Markdown would read stay as they are."""
    st.html(f'<div class="{name}">' + "".join(f"<p>{escape(text)}</p>" for text in texts) + "</div>")


def note(text: str, wrong: bool = False) -> None:
    """Show the small line below a field."""
    st.html(f'<div class="gait-note{" wrong" if wrong else ""}">{escape(text)}</div>')


def escaped(text: str) -> str:
    """Keep Markdown from reading signs in a file's name or a message."""
    return "".join(f"\\{c}" if c in r"\`*_{}[]()#+!|<>$:~" else c for c in text)
