package org.consentgateway.sip.capture;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Session descriptions without names and keys (RFC 4566, RFC 4568): of each line only what is known
 * to name nobody.
 */
final class MaskedSdp {
    private static final Pattern ORIGIN =
            Pattern.compile("o=\\S+ \\d+ (\\d+) (IN IP[46] [0-9A-Fa-f.:]{2,45})");
    private static final Pattern ADDRESS = Pattern.compile("c=IN IP[46] [0-9A-Fa-f.:/]{2,50}");
    private static final Pattern MEDIA =
            Pattern.compile(
                    "m=(audio|video|text|image|application) \\d{1,5} [A-Za-z0-9/]{1,32}(?:"
                            + " [A-Za-z0-9]{1,5}){0,64}");
    private static final Pattern BANDWIDTH = Pattern.compile("b=(AS|CT|RS|RR|TIAS):\\d{1,9}");
    private static final Pattern KEY = Pattern.compile("(a=crypto:\\d{1,9} [A-Za-z0-9_]{1,64}) .*");
    private static final Pattern FORMAT =
            Pattern.compile("a=(rtpmap|fmtp):\\d{1,3} [A-Za-z0-9/=;, ._-]{1,200}");
    private static final Pattern ATTRIBUTE =
            Pattern.compile(
                    "a=(sendrecv|sendonly|recvonly|inactive|rtcp-mux|ptime:\\d{1,4}|maxptime:\\d{1,4}|rtcp:\\d{1,5}|setup:[a-z]{1,10}|silenceSupp:[a-z"
                        + " -]{1,20})");
    private static final Pattern NUMBER = Pattern.compile("\\d{7}");

    /** Whether a description has become another one is seen in these digits. */
    private static final int VERSION_DIGITS = 3;

    private MaskedSdp() {}

    static String of(String sdp) {
        StringBuilder masked = new StringBuilder();
        for (String line : sdp.split("\r?\n", -1)) {
            String kept = line(line.strip());
            if (!kept.isEmpty()) {
                masked.append(kept).append("\r\n");
            }
        }
        return masked.toString();
    }

    /** Empty where nothing of it is kept. */
    private static String line(String line) {
        if (line.equals("v=0")) {
            return line;
        }
        if (line.startsWith("s=")) {
            return "s=-";
        }
        Matcher origin = ORIGIN.matcher(line);
        if (origin.matches()) {
            String version = origin.group(1);
            String last = version.substring(Math.max(0, version.length() - VERSION_DIGITS));
            return "o=- 0 " + last + " " + origin.group(2);
        }
        if (line.startsWith("t=")) {
            return "t=0 0";
        }
        Matcher key = KEY.matcher(line);
        if (key.matches()) {
            return key.group(1) + " inline:masked";
        }
        boolean plain =
                ADDRESS.matcher(line).matches()
                        || MEDIA.matcher(line).matches()
                        || BANDWIDTH.matcher(line).matches()
                        || ATTRIBUTE.matcher(line).matches()
                        || (FORMAT.matcher(line).matches() && !NUMBER.matcher(line).find());
        return plain ? line : "";
    }
}
