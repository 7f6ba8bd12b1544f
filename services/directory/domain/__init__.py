"""The rules of the directory: plain values in, plain values out."""
