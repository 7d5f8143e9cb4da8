"""The inquiry form that we host: for the website, a link, or a frame on another page."""
