package org.consentgateway.cli.demo;

import org.consentgateway.settings.GatewayConfig;

/**
 * Immutable. The ports of the demo caller's media, on the gateway's own machine: none of the
 * gateway's, which refuses a caller that asks for media at a port of its own.
 */
record CallerPorts(int first, int last) {
    private static final int FIRST = 24_000;
    private static final int COUNT = 4_000;
    private static final int LOWEST = 1024;
    private static final int HIGHEST = 65_535;

    static CallerPorts beside(GatewayConfig.Ports gateway) {
        int first = first(gateway);
        return new CallerPorts(first, first + COUNT - 1);
    }

    private static int first(GatewayConfig.Ports gateway) {
        if (gateway.last() < FIRST || gateway.first() >= FIRST + COUNT) {
            return FIRST;
        }
        int behind = gateway.last() + 1 + (gateway.last() + 1) % 2; // RTP ports are even
        return behind + COUNT <= HIGHEST ? behind : Math.max(LOWEST, gateway.first() - COUNT);
    }
}
