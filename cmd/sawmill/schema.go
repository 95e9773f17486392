package main

import (
	"github.com/spf13/cobra"

	"sawmill/kpn"
)

func newSchema(c *console) *cobra.Command {
	return &cobra.Command{
		Use:   "schema",
		Short: "Print the JSON Schema of presets",
		Args:  noArguments,
		RunE: func(*cobra.Command, []string) error {
			_, err := c.out.Write(kpn.Schema())
			return err
		},
	}
}
