"""sharing/metadata"""
