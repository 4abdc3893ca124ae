package org.consentgateway.demo;

/**
 * Immutable. The ports of a demo caller's media, on the gateway's own machine: none of the
 * gateway's, which refuses a caller that asks for media at a port of its own.
 */
public record CallerPorts(int first, int last) {
    private static final int FIRST = 24_000;
    private static final int COUNT = 4_000;
    private static final int LOWEST = 1024;
    private static final int HIGHEST = 65_535;

    /**
     * @param gatewayFirst the gateway's own
     * @param gatewayLast inclusive
     */
    public static CallerPorts beside(int gatewayFirst, int gatewayLast) {
        int first = first(gatewayFirst, gatewayLast);
        return new CallerPorts(first, first + COUNT - 1);
    }

    private static int first(int gatewayFirst, int gatewayLast) {
        if (gatewayLast < FIRST || gatewayFirst >= FIRST + COUNT) {
            return FIRST;
        }
        int behind = gatewayLast + 1 + (gatewayLast + 1) % 2; // RTP ports are even
        return behind + COUNT <= HIGHEST ? behind : Math.max(LOWEST, gatewayFirst - COUNT);
    }

    /** The first of them. */
    public CallerPorts atMost(int count) {
        return new CallerPorts(first, Math.min(last, first + count - 1));
    }
}
