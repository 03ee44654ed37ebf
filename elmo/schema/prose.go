package schema

import "github.com/beevik/etree"

func (c *checker) prose(root *etree.Element) {}
