package org.consentgateway.media.net.udp;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** At which addresses of this machine others may reach it. Confined to its event loop. */
final class MachineAddresses {
    /** There may be others after so long: an address that moves from node to node, a lease. */
    private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Supplier<List<InetAddress>> machine;
    private List<InetAddress> known = List.of();
    private long knownNanos;

    MachineAddresses() {
        this(MachineAddresses::now);
    }

    /**
     * @param machine all addresses of its interfaces; none if they cannot be found out
     */
    MachineAddresses(Supplier<List<InetAddress>> machine) {
        this.machine = machine;
    }

    /** Whether a peer that sends to this machine can do so at this address alone. */
    boolean isTheOnlyOne(InetAddress address, long nowNanos) {
        if (known.isEmpty() || nowNanos - knownNanos > FRESH_NANOS) {
            known = machine.get();
            knownNanos = nowNanos;
        }
        return known.stream()
                .filter(each -> each.getClass() == address.getClass())
                .filter(each -> !each.isLoopbackAddress() && !each.isLinkLocalAddress())
                .distinct()
                .toList()
                .equals(List.of(address));
    }

    private static List<InetAddress> now() {
        try {
            return NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .toList();
        } catch (SocketException e) {
            return List.of();
        }
    }
}
