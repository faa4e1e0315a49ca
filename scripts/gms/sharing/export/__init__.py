"""sharing/export"""
