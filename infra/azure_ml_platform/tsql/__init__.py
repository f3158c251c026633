"""Transact-SQL that elastic jobs run: text from typed descriptions, every name and literal quoted."""
