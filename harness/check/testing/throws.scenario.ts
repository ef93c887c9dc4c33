throw new Error('no configuration\nwas found')
