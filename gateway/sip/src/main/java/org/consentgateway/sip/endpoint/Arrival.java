package org.consentgateway.sip.endpoint;

import gov.nist.javax.sip.message.SIPRequest;
import java.net.InetAddress;
import org.consentgateway.sip.dialog.InviteServer;
import org.consentgateway.sip.sdp.MediaPermission;
import org.consentgateway.sip.sdp.Negotiation;
import org.consentgateway.sip.sdp.SdpBody;
import org.consentgateway.sip.sdp.SessionDescription;
import org.consentgateway.sip.trunk.Identity;
import org.consentgateway.sip.trunk.Trunk;
import org.jspecify.annotations.Nullable;

/**
 * A new INVITE of a trunk, as far as it matters to whether it becomes a call. Immutable.
 *
 * @param called the number called
 */
record Arrival(
        SIPRequest request, InetAddress source, Trunk trunk, String called, Offered offered) {

    /** What the INVITE says of media. */
    sealed interface Offered {
        /** Nothing: the offer is to be ours. */
        record Nothing() implements Offered {}

        record Offer(InviteServer.Offer offer) implements Offered {}

        /** An offer with nothing we can answer. */
        record NothingInCommon(Negotiation.Refused why) implements Offered {}

        /** SDP that is none. */
        record Malformed(String why) implements Offered {}

        /** A body of another type. */
        record Foreign() implements Offered {}
    }

    /**
     * @param account the user part of our Contact at the trunk's registrar; empty: none
     * @param permission where its media may go
     */
    static Arrival of(
            SIPRequest request,
            InetAddress source,
            Trunk trunk,
            String account,
            MediaPermission permission) {
        return new Arrival(
                request,
                source,
                trunk,
                Identity.called(request, trunk, account),
                offered(request, permission, trunk));
    }

    private static Offered offered(SIPRequest request, MediaPermission permission, Trunk trunk) {
        return switch (SdpBody.of(request)) {
            case SdpBody.None none -> new Offered.Nothing();
            case SdpBody.Described(SessionDescription description) ->
                    switch (Negotiation.of(description, permission, trunk.srtp())) {
                        case Negotiation.Agreed agreed ->
                                new Offered.Offer(new InviteServer.Offer(description, agreed));
                        case Negotiation.Refused why -> new Offered.NothingInCommon(why);
                    };
            case SdpBody.Malformed(String why) -> new Offered.Malformed(why);
            case SdpBody.Foreign foreign -> new Offered.Foreign();
        };
    }

    /** The caller's offer; null: there is none that can be answered. */
    InviteServer.@Nullable Offer offer() {
        return offered instanceof Offered.Offer(InviteServer.Offer offer) ? offer : null;
    }
}
