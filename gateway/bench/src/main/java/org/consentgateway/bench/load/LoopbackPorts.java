package org.consentgateway.bench.load;

/**
 * Immutable. Where a gateway and its assistants are on loopback, so that two may run side by side.
 *
 * @param sip over UDP; over TLS on the next one
 * @param assistant over UDP; over TLS on the next one
 * @param web of the gateway
 * @param firstRtp of the gateway's media, as is every port up to the last
 */
public record LoopbackPorts(int sip, int assistant, int web, int firstRtp, int lastRtp) {
    public static final LoopbackPorts USUAL =
            new LoopbackPorts(15_060, 15_070, 18_080, 20_000, 32_765);
    public static final LoopbackPorts ASIDE =
            new LoopbackPorts(17_000, 17_010, 17_080, 17_100, 17_999);

    public int tls() {
        return sip + 1;
    }

    public int secureAssistant() {
        return assistant + 1;
    }
}
