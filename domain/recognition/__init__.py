"""Recognising whose an order is: id families, classification, adoption, conflicts."""
