package org.consentgateway.sip.trunk;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sip.header.FromHeader;
import javax.sip.message.Request;
import org.consentgateway.sip.message.HeaderText;

/**
 * Whom a request of the caller's side shows, whether that is believed or withheld: only to be
 * compared with what a later request of the same call shows (RFC 5876, RFC 4916). Immutable. Never
 * printed.
 *
 * @param asserted by the first header there is of those that the trunk is believed in, but for
 *     From; empty: by none
 * @param claimed by each header there is that names a caller, whatever the trunk is believed in
 * @param from whom From names, or that it is anonymous; empty: nobody
 */
public record ShownIdentity(String asserted, Map<String, String> claimed, String from) {
    private static final String ANONYMOUS = "anonymous";
    private static final String ASSERTED = IdentityHeader.P_ASSERTED_IDENTITY.header();

    /** The older one, of which there may be one for the caller and one for whom it talks to. */
    private static final String REMOTE_PARTY = "Remote-Party-ID";

    public ShownIdentity {
        claimed = Map.copyOf(claimed);
    }

    public static ShownIdentity of(Request request, Trunk trunk) {
        Map<String, String> claimed =
                Map.of(
                        ASSERTED,
                        named(HeaderText.all(request, ASSERTED).stream(), trunk),
                        REMOTE_PARTY,
                        named(
                                HeaderText.all(request, REMOTE_PARTY).stream()
                                        .filter(ShownIdentity::isCaller),
                                trunk));
        return new ShownIdentity(asserted(request, trunk), claimed, from(request, trunk));
    }

    private static String asserted(Request request, Trunk trunk) {
        for (IdentityHeader believed : trunk.identity().headers()) {
            List<String> values =
                    believed == IdentityHeader.FROM
                            ? List.of()
                            : HeaderText.all(request, believed.header());
            if (!values.isEmpty()) {
                return named(values.stream(), trunk);
            }
        }
        return "";
    }

    private static String named(Stream<String> values, Trunk trunk) {
        return values.map(value -> named(value, trunk))
                .distinct()
                .sorted()
                .collect(Collectors.joining(","));
    }

    private static boolean isCaller(String remoteParty) {
        return PartyAddress.of(remoteParty).parameters(PartyAddress.Name.PARTY).stream()
                .allMatch("calling"::equalsIgnoreCase);
    }

    private static String from(Request request, Trunk trunk) {
        FromHeader from = (FromHeader) request.getHeader(FromHeader.NAME);
        String address = from == null ? "" : from.getAddress().toString();
        return Identity.isAnonymous(address) ? ANONYMOUS : named(address, trunk);
    }

    /**
     * The number, else the extension or name as it is, since many behind a telephone system have
     * nothing else. Digits alone that the trunk takes for no number may be E.164 without its +:
     * some write one caller now with it and now without.
     */
    private static String named(String address, Trunk trunk) {
        String user = Identity.user(address);
        String number = trunk.numbering().normalise(user);
        if (number.isEmpty()) {
            number = trunk.numbering().normalise("+" + user);
        }
        return number.isEmpty() ? user.toLowerCase(Locale.ROOT) : number;
    }

    /**
     * Whether a later request shows somebody else. What it leaves out says nothing: many exchanges
     * name the caller in the first INVITE alone. A number where there was none, and an anonymous
     * one in place of a number, are somebody else: who agreed may be gone.
     */
    public boolean isOtherIn(ShownIdentity later) {
        String before = asserted.isEmpty() ? from : asserted;
        return differs(before, later.asserted)
                || differs(from, later.from)
                || claimed.entrySet().stream()
                        .anyMatch(each -> later.denies(each.getKey(), each.getValue()));
    }

    /** Not where nothing stood before: a header that comes later may mean anything. */
    private boolean denies(String header, String before) {
        return !before.isEmpty() && differs(before, claimed.getOrDefault(header, ""));
    }

    private static boolean differs(String before, String now) {
        return !now.isEmpty() && !now.equals(before);
    }

    @Override
    public String toString() {
        return "ShownIdentity[hidden]";
    }
}
