package org.consentgateway.sip.sdp;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.consentgateway.sip.message.SipText;
import org.jspecify.annotations.Nullable;

/**
 * The outcome of reading a session description: strict where a misunderstanding would send media to
 * the wrong place, deaf to everything we do not use. Immutable.
 */
public sealed interface SdpParse {
    record Ok(SessionDescription description) implements SdpParse {}

    /**
     * @param why for the Warning header and the log: names the line, never quotes it
     */
    record Malformed(String why) implements SdpParse {}

    /** Lines in one description; a real one has some twenty. */
    int MAX_LINES = 400;

    /** Media lines; each has to be mirrored in the answer. */
    int MAX_MEDIA = 16;

    /** {@code a=crypto} lines of one medium that are looked at. */
    int MAX_CRYPTO = 16;

    /** Formats on one media line. */
    int MAX_FORMATS = 64;

    /** Characters of one {@code a=fmtp} line. */
    int MAX_PARAMETERS = 200;

    static SdpParse parse(String text) {
        return new Reader().read(text);
    }

    /** Confined to one call of {@link #parse}. */
    final class Reader {
        private static final Pattern SPACES = Pattern.compile(" +");

        private @Nullable InetAddress sessionConnection;
        private SdpDirection sessionDirection = SdpDirection.SENDRECV;
        private String sessionId = "";
        private String version = "";
        private final List<Section> sections = new ArrayList<>();

        SdpParse read(String text) {
            List<String> lines = text.lines().limit(MAX_LINES + 1L).toList();
            if (lines.size() > MAX_LINES) {
                return new Malformed("more than " + MAX_LINES + " lines");
            }
            boolean sawVersion = false;
            boolean sawOrigin = false;
            for (String line : lines) {
                if (line.isEmpty()) {
                    continue;
                }
                if (line.length() < 2 || line.charAt(1) != '=') {
                    return new Malformed("a line without '='");
                }
                String value = line.substring(2).strip();
                String trouble;
                switch (line.charAt(0)) {
                    case 'v' -> {
                        sawVersion = true;
                        trouble = value.equals("0") ? null : "v= is not 0";
                    }
                    case 'o' -> {
                        sawOrigin = true;
                        trouble = origin(value);
                    }
                    case 'c' -> trouble = connection(value);
                    case 'm' -> trouble = media(value);
                    case 'a' -> trouble = attribute(value);
                    default -> trouble = null;
                }
                if (trouble != null) {
                    return new Malformed(trouble);
                }
            }
            if (!sawVersion || !sawOrigin) {
                return new Malformed("no v= or no o= line");
            }
            List<Media> media = new ArrayList<>(sections.size());
            for (Section section : sections) {
                media.add(section.finish(sessionConnection, sessionDirection));
            }
            return new Ok(new SessionDescription(sessionId, version, List.copyOf(media)));
        }

        private @Nullable String origin(String value) {
            String[] parts = SPACES.split(value, -1);
            if (parts.length != 6) {
                return "o= has not six fields";
            }
            sessionId = parts[1];
            version = parts[2];
            return null;
        }

        private @Nullable String connection(String value) {
            InetAddress address = address(value);
            if (address == null) {
                return "c= is no address";
            }
            if (sections.isEmpty()) {
                sessionConnection = address;
            } else {
                Section section = sections.getLast();
                if (section.connection == null) {
                    section.connection = address;
                }
            }
            return null;
        }

        private @Nullable String media(String value) {
            if (sections.size() == MAX_MEDIA) {
                return "more than " + MAX_MEDIA + " m= lines";
            }
            if (value.chars().anyMatch(Character::isISOControl)) {
                return "m= has a control character"; // it would stand in our answer
            }
            String[] parts = SPACES.split(value, MAX_FORMATS + 4);
            if (parts.length < 4) {
                return "m= has less than four fields";
            }
            if (parts.length > MAX_FORMATS + 3) {
                return "more than " + MAX_FORMATS + " formats on an m= line";
            }
            int slash = parts[1].indexOf('/');
            int port = SipText.number(slash < 0 ? parts[1] : parts[1].substring(0, slash), 65535);
            if (port < 0) {
                return "m= has no port";
            }
            sections.add(
                    new Section(
                            parts[0].toLowerCase(Locale.ROOT),
                            port,
                            parts[2],
                            List.of(parts).subList(3, parts.length)));
            return null;
        }

        private @Nullable String attribute(String value) {
            int colon = value.indexOf(':');
            String name = colon < 0 ? value : value.substring(0, colon);
            String argument = colon < 0 ? "" : value.substring(colon + 1).strip();
            return switch (name) {
                case "sendrecv", "sendonly", "recvonly", "inactive" -> {
                    SdpDirection direction = SdpDirection.valueOf(name.toUpperCase(Locale.ROOT));
                    if (sections.isEmpty()) {
                        sessionDirection = direction;
                    } else {
                        sections.getLast().direction = direction;
                    }
                    yield null;
                }
                case "fmtp" -> sections.isEmpty() ? null : sections.getLast().fmtp(argument);
                case "rtpmap" -> sections.isEmpty() ? null : sections.getLast().rtpmap(argument);
                case "rtcp" -> sections.isEmpty() ? null : sections.getLast().rtcp(argument);
                case "rtcp-mux" -> sections.isEmpty() ? null : sections.getLast().rtcpMux();
                case "crypto" -> sections.isEmpty() ? null : sections.getLast().crypto(argument);
                default -> null;
            };
        }

        /** {@code IN IP4 192.0.2.1[/ttl]}; names are refused: media goes to addresses only. */
        static @Nullable InetAddress address(String value) {
            String[] parts = SPACES.split(value, -1);
            if (parts.length != 3 || !parts[0].equals("IN")) {
                return null;
            }
            int slash = parts[2].indexOf('/');
            String literal = slash < 0 ? parts[2] : parts[2].substring(0, slash);
            InetAddress address = SipText.address(literal);
            if (address == null || address.isMulticastAddress()) {
                return null;
            }
            // One of IPv4 may be written in the form of IPv6 (RFC 5118 §4.9).
            boolean six = address instanceof Inet6Address || literal.indexOf(':') >= 0;
            return parts[1].equals(six ? "IP6" : "IP4") ? address : null;
        }
    }

    /** Confined to one {@link Reader}. */
    final class Section {
        private final String kind;
        private final int port;
        private final String protocol;
        private final List<String> formats;
        private final Map<Integer, PayloadFormat> mapped = new HashMap<>();
        private @Nullable InetAddress connection;
        private @Nullable SdpDirection direction;
        private int rtcpPort;
        private @Nullable InetAddress rtcpAddress;
        private boolean rtcpMux;
        private int cryptoLines;
        private final List<Crypto> crypto = new ArrayList<>();
        private final Map<Integer, String> parameters = new HashMap<>();

        Section(String kind, int port, String protocol, List<String> formats) {
            this.kind = kind;
            this.port = port;
            this.protocol = protocol;
            this.formats = List.copyOf(formats);
        }

        /** {@code <payload type> <name>/<clock rate>[/<channels>]}; a bad one is not used. */
        @Nullable String rtpmap(String value) {
            String[] parts = Reader.SPACES.split(value, -1);
            if (parts.length != 2) {
                return null;
            }
            String[] encoding = parts[1].split("/", -1);
            int payloadType = SipText.number(parts[0], 127);
            int rate = encoding.length < 2 ? -1 : SipText.number(encoding[1], 999_999);
            int channels = encoding.length < 3 ? 1 : SipText.number(encoding[2], 255);
            if (payloadType >= 0 && rate > 0 && channels > 0) {
                mapped.putIfAbsent(
                        payloadType,
                        new PayloadFormat(
                                payloadType, encoding[0].toUpperCase(Locale.ROOT), rate, channels));
            }
            return null;
        }

        /** {@code <payload type> <parameters>}; one too many or too long is not used. */
        @Nullable String fmtp(String value) {
            int space = value.indexOf(' ');
            int payloadType = space < 0 ? -1 : SipText.number(value.substring(0, space), 127);
            if (payloadType >= 0
                    && value.length() <= MAX_PARAMETERS
                    && parameters.size() < MAX_FORMATS) {
                parameters.putIfAbsent(payloadType, value.substring(space + 1).strip());
            }
            return null;
        }

        /** {@code <port> [IN IP4 <address>]} (RFC 3605 §2.1). */
        @Nullable String rtcp(String value) {
            int space = value.indexOf(' ');
            int told = SipText.number(space < 0 ? value : value.substring(0, space), 65535);
            if (told <= 0) {
                return "a=rtcp has no port";
            }
            rtcpPort = told;
            if (space >= 0) {
                rtcpAddress = Reader.address(value.substring(space + 1).strip());
                return rtcpAddress == null ? "a=rtcp is no address" : null;
            }
            return null;
        }

        @Nullable String rtcpMux() {
            rtcpMux = true;
            return null;
        }

        /** A line that we cannot use is as good as none. */
        @Nullable String crypto(String value) {
            Crypto line = ++cryptoLines > MAX_CRYPTO ? null : Crypto.parse(value);
            if (line != null) {
                crypto.add(line);
            }
            return null;
        }

        Media finish(@Nullable InetAddress sessionConnection, SdpDirection sessionDirection) {
            InetAddress where = connection != null ? connection : sessionConnection;
            List<PayloadFormat> payloads = new ArrayList<>();
            for (String format : formats) {
                int payloadType = SipText.number(format, 127);
                PayloadFormat known = mapped.get(payloadType);
                if (known == null) {
                    known = PayloadFormat.ofStaticType(payloadType);
                }
                if (known != null) {
                    payloads.add(known);
                }
            }
            InetAddress rtcpWhere = rtcpAddress != null ? rtcpAddress : where;
            return new Media(
                    kind,
                    port,
                    protocol,
                    formats,
                    List.copyOf(payloads),
                    where,
                    direction != null ? direction : sessionDirection,
                    rtcpPort > 0 && rtcpWhere != null
                            ? new InetSocketAddress(rtcpWhere, rtcpPort)
                            : null,
                    rtcpMux,
                    List.copyOf(crypto),
                    Map.copyOf(parameters));
        }
    }
}
