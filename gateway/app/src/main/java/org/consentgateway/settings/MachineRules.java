package org.consentgateway.settings;

import java.net.DatagramSocket;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import org.consentgateway.config.Complaints;

/**
 * What only the machine that is to serve can tell. Not asked where a configuration is read for
 * other ends, such as by an auditor who looks at a copy of the store.
 */
public final class MachineRules {
    private MachineRules() {}

    static void check(GatewayConfig config, Complaints complaints) {
        address(config, complaints);
        guides(config.console(), complaints);
        documents(config, complaints);
    }

    private static void documents(GatewayConfig config, Complaints complaints) {
        Path templates = config.compliance().directory();
        if (config.console().listen().isPresent() && !Files.isDirectory(templates.resolve("de"))) {
            complaints.about(
                    "compliance.directory",
                    "has no folder \"de\" with templates: " + templates,
                    "directory: config/compliance");
        }
    }

    private static void guides(GatewayConfig.Console console, Complaints complaints) {
        if (console.listen().isPresent() && !Files.isDirectory(console.help().resolve("de"))) {
            complaints.about(
                    "console.help",
                    "has no folder \"de\" with guides: " + console.help(),
                    "help: config/console/help");
        }
    }

    private static void address(GatewayConfig config, Complaints complaints) {
        InetAddress address = config.media().address();
        try (DatagramSocket _ = new DatagramSocket(new InetSocketAddress(address, 0))) {
        } catch (SocketException notOurs) {
            List<String> ours = addresses();
            complaints.about(
                    "media.address",
                    "is no address of this machine: "
                            + address.getHostAddress()
                            + "; there are "
                            + String.join(", ", ours)
                            + " (what NAT shows to others goes to media.advertised-address)",
                    ours.isEmpty() ? "" : "address: " + ours.getFirst());
        }
    }

    /** Those that others can send to first, of them IPv4. */
    private static List<String> addresses() {
        try {
            return NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .filter(address -> !address.isLinkLocalAddress())
                    .sorted(
                            Comparator.comparing(InetAddress::isLoopbackAddress)
                                    .thenComparing(Inet6Address.class::isInstance))
                    .map(address -> address.getHostAddress().replaceFirst("%.*", ""))
                    .toList();
        } catch (SocketException e) {
            return List.of();
        }
    }
}
