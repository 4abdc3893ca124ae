package org.consentgateway.web.connection;

import java.net.InetAddress;
import org.consentgateway.source.ConnectionSource;

/** Who is counted as one where a request says in digits whom it comes of. Pure functions. */
public final class Visitor {
    private Visitor() {}

    /**
     * @param address in digits; whatever else it is, it is nobody's, and never asked of the DNS
     */
    public static String at(String address) {
        if (!address.matches("[0-9a-fA-F.:]{2,45}")) {
            return "";
        }
        try {
            return ConnectionSource.of(InetAddress.ofLiteral(address));
        } catch (IllegalArgumentException e) {
            return "";
        }
    }
}
