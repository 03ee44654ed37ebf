module elmobridge

go 1.26.0
