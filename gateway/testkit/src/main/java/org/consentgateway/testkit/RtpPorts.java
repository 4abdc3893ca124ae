package org.consentgateway.testkit;

/**
 * RTP ports of the tests, below those the system gives out (from 32,768 on). Each of the JVMs that
 * test side by side has its own.
 */
public final class RtpPorts {
    private static final int EACH = 3_000;
    private static final int FIRST = 14_600 + EACH * (TestJvm.NUMBER - 1);

    /** 600 for sipp. */
    public static final int SIPP = FIRST;

    /** 400 for baresip: 100 for the voice of each of three, 100 for signalling and consoles. */
    public static final int PHONES = FIRST + 600;

    /** 1,000 for the gateway. */
    public static final int GATEWAY = FIRST + 1_000;

    /** 1,000 for whom it talks to. */
    public static final int PEERS = FIRST + 2_000;

    private RtpPorts() {}
}
