package org.consentgateway.sip.message;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Addresses, numbers and tags as SIP and SDP write them. */
public final class SipText {
    private SipText() {}

    /** Random text for a tag (RFC 3261 §19.3), or for a part of a Call-ID or branch. */
    public static String tag() {
        return Long.toString(ThreadLocalRandom.current().nextLong(Long.MAX_VALUE), 36);
    }

    /** Without the brackets of an IPv6 address. */
    public static String bare(String host) {
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        return bracketed ? host.substring(1, host.length() - 1) : host;
    }

    /** An address as a URI bears it: without its zone, IPv6 in brackets. */
    public static String literal(InetAddress address) {
        String text = address.getHostAddress();
        int zone = text.indexOf('%');
        String bare = zone < 0 ? text : text.substring(0, zone);
        return address instanceof Inet6Address ? "[" + bare + "]" : bare;
    }

    /**
     * An address literal of either family, without brackets or zone, else null. Never asks the DNS:
     * this is read on the thread that reads all datagrams, and what is no name to us, such as one
     * that begins with a digit of another script, may be one to {@link InetAddress#getByName}.
     */
    public static @Nullable InetAddress address(String text) {
        boolean digitsOrColons = !text.isEmpty();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            digitsOrColons &= HexFormat.isHexDigit(c) || c == '.' || c == ':';
        }
        if (!digitsOrColons || (text.indexOf(':') < 0 && !fourDecimalNumbers(text))) {
            return null;
        }
        try {
            return InetAddress.ofLiteral(text);
        } catch (IllegalArgumentException notAnAddress) {
            return null;
        }
    }

    private static boolean fourDecimalNumbers(String text) {
        String[] parts = text.split("\\.", -1);
        if (parts.length != 4) {
            return false;
        }
        for (String part : parts) {
            if (number(part, 255) < 0) {
                return false;
            }
        }
        return true;
    }

    /** -1 if it is not a plain decimal number of at most {@code max}. */
    public static int number(String text, int max) {
        if (text.isEmpty() || text.length() > 6) {
            return -1;
        }
        int value = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            value = value * 10 + (c - '0');
        }
        return value <= max ? value : -1;
    }
}
