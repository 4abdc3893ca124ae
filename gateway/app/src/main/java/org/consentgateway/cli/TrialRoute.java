package org.consentgateway.cli;

import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.consentgateway.config.SipUri;

/** Which address of this machine somebody reaches. */
final class TrialRoute {
    private static final Pattern HOST = Pattern.compile("(?:.*@|sip:)(\\[[^]]+]|[^:;]+).*");
    private static final int ANY_PORT = 5060;

    /** RFC 5737: a name that has no address of its own is somewhere outside. */
    private static final String OUTSIDE = "192.0.2.1";

    private TrialRoute() {}

    /** The one by which packets to there leave, or loopback where none do; nothing is sent. */
    static InetAddress towards(SipUri uri) throws UnknownHostException {
        Matcher host = HOST.matcher(uri.text());
        InetAddress there;
        try {
            there = InetAddress.getByName(host.matches() ? host.group(1) : OUTSIDE);
        } catch (UnknownHostException byServiceRecord) {
            there = InetAddress.getByName(OUTSIDE);
        }
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(new InetSocketAddress(there, ANY_PORT));
            return socket.getLocalAddress();
        } catch (SocketException noWay) {
            return InetAddress.getLoopbackAddress();
        }
    }
}
