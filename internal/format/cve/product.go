package cve

import "github.com/touchstone-assurance/touchstone/internal/domain/advisory"

func (p *parser) product(c *advisory.CVEContainer) error {
	var a advisory.CVEProduct
	err := p.object(func(name string) error {
		switch name {
		case "vendor":
			return p.text(&a.Vendor)
		case "product":
			return p.text(&a.Product)
		case "collectionURL":
			return p.text(&a.CollectionURL)
		case "packageName":
			return p.text(&a.PackageName)
		case "packageURL":
			return p.text(&a.PackageURL)
		case "cpes":
			return p.texts(&a.CPEs)
		case "defaultStatus":
			return p.text(&a.DefaultStatus)
		case "versions":
			return p.array(func() error { return p.version(&a) })
		}
		return p.in.Skip(nil)
	})
	c.Affected = append(c.Affected, a)
	return err
}

func (p *parser) version(a *advisory.CVEProduct) error {
	var v advisory.CVEVersion
	err := p.object(func(name string) error {
		switch name {
		case "version":
			return p.text(&v.Version)
		case "status":
			return p.text(&v.Status)
		case "versionType":
			return p.text(&v.Type)
		case "lessThan":
			return p.text(&v.LessThan)
		case "lessThanOrEqual":
			return p.text(&v.LessThanOrEqual)
		case "changes":
			return p.array(func() error {
				v.Changes++
				return p.in.Skip(nil)
			})
		}
		return p.in.Skip(nil)
	})
	a.Versions = append(a.Versions, v)
	return err
}
