module pomona/fault_proxy

go 1.21
