"""Queries: the part of SOQL that integrations use, with Salesforce's answers to what is wrong."""
