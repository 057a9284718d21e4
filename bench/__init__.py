"""Measurements that need more than the product: other stream processors on the same broker."""
