"""The JSON API for developers who post inquiries themselves."""
