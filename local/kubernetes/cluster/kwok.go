package main

import (
	"os"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"sigs.k8s.io/kwok/pkg/config"
	"sigs.k8s.io/kwok/pkg/kwok/cmd"
	"sigs.k8s.io/kwok/pkg/log"
	"sigs.k8s.io/kwok/pkg/utils/signals"
)

// newKwokCommand returns kwok, which keeps nodes without a machine ready and says of their pods that they run.
func newKwokCommand() *cobra.Command {
	context := log.NewContext(signals.SetupSignalContext(), log.NewLogger(os.Stderr, log.LevelWarn))
	flags := pflag.NewFlagSet("configuration", pflag.ContinueOnError)
	flags.ParseErrorsWhitelist.UnknownFlags = true
	context, err := config.InitFlags(context, flags)
	if err != nil {
		panic(err)
	}
	command := cmd.NewCommand(context)
	command.SetContext(context)
	// The runner of all commands here has a flag for the version already, of another kind.
	command.Version = ""
	return command
}
