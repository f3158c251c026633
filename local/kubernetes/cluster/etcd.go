package main

import (
	"context"
	"net/url"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"
	"go.etcd.io/etcd/server/v3/embed"
)

func newEtcdCommand() *cobra.Command {
	var folder, address string
	command := &cobra.Command{
		Use:          "etcd",
		Short:        "The cluster's store: one member that nobody else joins",
		SilenceUsage: true,
		RunE: func(*cobra.Command, []string) error {
			return serveEtcd(folder, address)
		},
	}
	command.Flags().StringVar(&folder, "data-dir", "", "folder of the data")
	command.Flags().StringVar(&address, "listen", "", "URL to listen on, such as unix://socket")
	for _, flag := range []string{"data-dir", "listen"} {
		if err := command.MarkFlagRequired(flag); err != nil {
			panic(err)
		}
	}
	return command
}

func serveEtcd(folder, address string) error {
	listen, err := url.Parse(address)
	if err != nil {
		return err
	}
	config := embed.NewConfig()
	config.Dir = folder
	config.LogLevel = "error"
	config.ListenClientUrls = []url.URL{*listen}
	config.AdvertiseClientUrls = []url.URL{*listen}
	config.ListenPeerUrls = nil
	// A killed process loses nothing without it, only a machine that loses its power.
	config.UnsafeNoFsync = true
	server, err := embed.StartEtcd(config)
	if err != nil {
		return err
	}
	defer server.Close()
	stopped, release := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer release()
	select {
	case <-stopped.Done():
		return nil
	case err := <-server.Err():
		return err
	}
}
