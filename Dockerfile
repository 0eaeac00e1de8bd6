# Serves the demonstration at port 8501. A real store has no sign-in yet, so it is served only to the
# computer it runs on, never through a container's port (README.md "Who may open it").
FROM python:3.13-slim
WORKDIR /app
COPY requirements.txt ./
RUN pip install --no-cache-dir -r requirements.txt
COPY .streamlit .streamlit
COPY data data
COPY improve improve
COPY pages pages
COPY app.py ./
# The store lies in data/ unless IMPROVE_STORE puts it in the volume.
RUN useradd --create-home improve && mkdir /data && chown improve data /data
USER improve
VOLUME /data
EXPOSE 8501
HEALTHCHECK --start-period=30s CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8501/_stcore/health', timeout=5)"]
CMD ["streamlit", "run", "app.py", "--server.address=0.0.0.0", "--server.port=8501"]
