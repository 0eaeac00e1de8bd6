"""The launcher: `streamlit run app.py`.

The store is opened, and what is wrong with it said in a sentence, before anything is served. Pages
stand in pages/, and improve/web/main.py registers them: this file must stay a launcher, because
Streamlit runs scripts of a `pages` folder beside an entry script without asking it.
"""

import streamlit as st

from improve.web import server

server.open_or_exit()
app = st.App(
    "improve/web/main.py",
    routes=server.routes,
    lifespan=server.lifespan,
    on_script_error=server.show_error,
)
