"""The Streamlit edge: who is looking, what they chose, and how a figure is drawn."""
