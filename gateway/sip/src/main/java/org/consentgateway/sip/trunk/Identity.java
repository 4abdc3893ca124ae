package org.consentgateway.sip.trunk;

import java.net.InetAddress;
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
     * The first of the headers that the trunk is believed in and that is there, else From as a mere
     * claim; unless withheld (CLIR). From says nothing either where an identity is not believed:
     * who is doubted is unknown.
     *
     * @param source address that the INVITE comes from
     */
    public static CallerIdentity caller(Request invite, Trunk trunk, InetAddress source) {
        if (withheld(invite)) {
            return CallerIdentity.WITHHELD;
        }
        var way =
                new AssertedIdentity.Way(
                        source, PartyAddress.of(invite.getRequestURI().toString()).host());
        for (IdentityHeader believed : trunk.identity().headers()) {
            List<String> values = HeaderText.all(invite, believed.header());
            if (!values.isEmpty()) {
                CallerIdentity caller =
                        AssertedIdentity.checkedBy(
                                fromField(invite), AssertedIdentity.of(values, trunk, way), trunk);
                if (caller.asserted() || caller.disbelief() != Disbelief.NONE) {
                    return caller;
                }
            }
        }
        return new CallerIdentity(
                trunk.numbering().normalise(user(from(invite))), false, false, Disbelief.NONE);
    }

    /** RFC 3323 §4.2 and RFC 3325 §9.3, or an anonymous From (RFC 3323 §4.1.1.3). */
    static boolean withheld(Request invite) {
        for (String value : HeaderText.all(invite, "Privacy")) {
            for (String wish : value.split("[;, ]", -1)) {
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
        return isAnonymous(from(invite));
    }

    /** RFC 3323 §4.1.1.3. */
    static boolean isAnonymous(String address) {
        String from = address.toLowerCase(Locale.ROOT);
        return from.contains("anonymous.invalid")
                || user(from).equals("anonymous")
                || from.startsWith("\"anonymous\"");
    }

    /** With the parameters of the header. */
    private static String fromField(Request invite) {
        List<String> values = HeaderText.values(invite, FromHeader.NAME);
        return values.isEmpty() ? "" : values.getFirst();
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
        return number(user, trunk);
    }

    /** What a trunk means by the user part of a Request-URI: E.164 where it is a number. */
    public static String number(String user, Trunk trunk) {
        String number = trunk.numbering().normalise(user);
        return number.isEmpty() ? user : number;
    }

    /**
     * The user part of a name-addr, addr-spec, or tel URI, without parameters and percent-decoded;
     * empty if there is none.
     */
    public static String user(String address) {
        return PartyAddress.userOf(address);
    }
}
