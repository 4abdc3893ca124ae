package org.consentgateway.sip.sdp;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sip.header.ContentTypeHeader;
import javax.sip.message.Message;
import org.consentgateway.sip.message.HeaderText;

/** What stands in a message's body as far as a session is concerned. Immutable. */
public sealed interface SdpBody {
    record None() implements SdpBody {}

    record Described(SessionDescription description) implements SdpBody {}

    record Malformed(String why) implements SdpBody {}

    /** 415: a body we cannot read. */
    record Foreign() implements SdpBody {}

    Pattern BOUNDARY = Pattern.compile("boundary=\"?([^\";\\s]{1,70})\"?");

    static SdpBody of(Message message) {
        byte[] raw = message.getRawContent();
        if (raw == null || raw.length == 0) {
            return new None();
        }
        ContentTypeHeader type = (ContentTypeHeader) message.getHeader(ContentTypeHeader.NAME);
        String encoding = HeaderText.first(message, "Content-Encoding");
        if (type == null || (encoding != null && !encoding.equalsIgnoreCase("identity"))) {
            return new Foreign();
        }
        String text = new String(raw, StandardCharsets.UTF_8);
        String full =
                (type.getContentType() + "/" + type.getContentSubType()).toLowerCase(Locale.ROOT);
        return switch (full) {
            case "application/sdp" -> described(text);
            case "multipart/mixed" -> part(type.toString(), text);
            default -> new Foreign();
        };
    }

    private static SdpBody described(String text) {
        return switch (SdpParse.parse(text)) {
            case SdpParse.Ok(SessionDescription description) -> new Described(description);
            case SdpParse.Malformed(String why) -> new Malformed(why);
        };
    }

    /** The first part that is SDP (RFC 5621 §3.1); SIP-I and locations come beside it. */
    private static SdpBody part(String contentType, String text) {
        Matcher boundary = BOUNDARY.matcher(contentType);
        if (!boundary.find()) {
            return new Malformed("multipart without a boundary");
        }
        for (String part : text.split("(?m)^--" + Pattern.quote(boundary.group(1)), -1)) {
            int blank = part.indexOf("\r\n\r\n");
            if (blank >= 0
                    && part.substring(0, blank)
                            .toLowerCase(Locale.ROOT)
                            .contains("application/sdp")) {
                return described(part.substring(blank + 4));
            }
        }
        return new None();
    }
}
