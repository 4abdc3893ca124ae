package org.consentgateway.sip.trunk;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.sip.header.FromHeader;
import javax.sip.header.ToHeader;
import javax.sip.message.Request;
import org.consentgateway.sip.message.HeaderText;

/** Who calls, and which number, as pure functions of an INVITE. */
public final class Identity {
    private static final List<String> WITHHOLDING = List.of("id", "header", "user");

    /** The same in the older words of a Remote-Party-ID; we believe no number in that. */
    private static final List<String> WITHHOLDING_BEFORE = List.of("privacy=full", "privacy=uri");

    private Identity() {}

    /**
     * The first number in the headers the trunk is believed in, else From as a mere claim; unless
     * withheld (CLIR).
     */
    public static CallerIdentity caller(Request invite, Trunk trunk) {
        if (withheld(invite)) {
            return CallerIdentity.WITHHELD;
        }
        for (IdentityHeader believed : trunk.identity()) {
            for (String asserted : HeaderText.values(invite, believed.header())) {
                String number = trunk.numbering().normalise(user(asserted));
                if (!number.isEmpty()) {
                    return new CallerIdentity(number, true, false);
                }
            }
        }
        return new CallerIdentity(trunk.numbering().normalise(user(from(invite))), false, false);
    }

    /** RFC 3323 §4.2 and RFC 3325 §9.3, or an anonymous From (RFC 3323 §4.1.1.3). */
    static boolean withheld(Request invite) {
        for (String value : HeaderText.values(invite, "Privacy")) {
            for (String wish : value.split("[;,]", -1)) {
                if (WITHHOLDING.contains(wish.strip().toLowerCase(Locale.ROOT))) {
                    return true;
                }
            }
        }
        for (String party : HeaderText.values(invite, "Remote-Party-ID")) {
            String parameters =
                    party.substring(party.lastIndexOf('>') + 1).toLowerCase(Locale.ROOT);
            if (WITHHOLDING_BEFORE.stream().anyMatch(parameters::contains)) {
                return true;
            }
        }
        String from = from(invite).toLowerCase(Locale.ROOT);
        return from.contains("anonymous.invalid")
                || user(from).equals("anonymous")
                || from.startsWith("\"anonymous\"");
    }

    private static String from(Request invite) {
        FromHeader from = (FromHeader) invite.getHeader(FromHeader.NAME);
        return from == null ? "" : from.getAddress().toString();
    }

    /**
     * The number called: E.164 where it is one, else the user as it is. A provider that we have
     * registered with may address the account instead (RFC 3261 §16.6 step 2); the number then
     * stands in P-Called-Party-ID (RFC 7315 §4.2) or in To.
     *
     * @param account the user part of our Contact at the trunk's registrar; empty: none
     */
    public static String called(Request invite, Trunk trunk, String account) {
        String user = user(invite.getRequestURI().toString());
        if (!account.isEmpty() && user.equals(account)) {
            List<String> others = new ArrayList<>(HeaderText.values(invite, "P-Called-Party-ID"));
            others.add(((ToHeader) invite.getHeader(ToHeader.NAME)).getAddress().toString());
            for (String other : others) {
                String number = trunk.numbering().normalise(user(other));
                if (!number.isEmpty()) {
                    return number;
                }
            }
        }
        String number = trunk.numbering().normalise(user);
        return number.isEmpty() ? user : number;
    }

    /**
     * The user part of a name-addr, addr-spec, or tel URI, without parameters and percent-decoded;
     * empty if there is none.
     */
    static String user(String address) {
        String uri = uri(address);
        int colon = uri.indexOf(':');
        if (colon < 0) {
            return "";
        }
        String scheme = uri.substring(0, colon).toLowerCase(Locale.ROOT);
        String rest = uri.substring(colon + 1);
        String user;
        if (scheme.equals("tel")) {
            user = rest;
        } else {
            int at = rest.indexOf('@');
            if (at < 0) {
                return "";
            }
            user = rest.substring(0, at);
            int password = user.indexOf(':');
            user = password < 0 ? user : user.substring(0, password);
        }
        int parameters = user.indexOf(';');
        return decoded(parameters < 0 ? user : user.substring(0, parameters));
    }

    private static String uri(String address) {
        int from = 0;
        if (address.startsWith("\"")) {
            // A display name may hold '<' (RFC 3261 §25.1 quoted-string).
            int i = 1;
            while (i < address.length() && address.charAt(i) != '"') {
                i += address.charAt(i) == '\\' ? 2 : 1;
            }
            from = Math.min(i, address.length());
        }
        int open = address.indexOf('<', from);
        if (open < 0) {
            return address.strip();
        }
        int close = address.indexOf('>', open);
        return address.substring(open + 1, close < 0 ? address.length() : close).strip();
    }

    private static String decoded(String text) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        byte[] bytes = new byte[encoded.length];
        int length = 0;
        for (int i = 0; i < encoded.length; i++) {
            int high = i + 2 < encoded.length ? Character.digit(encoded[i + 1], 16) : -1;
            int low = i + 2 < encoded.length ? Character.digit(encoded[i + 2], 16) : -1;
            if (encoded[i] == '%' && high >= 0 && low >= 0) {
                bytes[length++] = (byte) (high << 4 | low);
                i += 2;
            } else {
                bytes[length++] = encoded[i];
            }
        }
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }
}
