"""The pages that the map is measured against, each a Streamlit script."""
