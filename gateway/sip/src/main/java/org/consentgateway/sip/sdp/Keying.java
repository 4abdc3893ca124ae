package org.consentgateway.sip.sdp;

import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.consentgateway.media.srtp.SrtpKey;
import org.consentgateway.media.srtp.SrtpKeys;
import org.consentgateway.media.srtp.SrtpSuite;
import org.jspecify.annotations.Nullable;

/**
 * The keys we send one stream with, over all offers and answers (RFC 4568 §7.1). Confined to its
 * dialog.
 *
 * <p>While the peer keeps its key and its address, we keep ours: contexts go on, and with them the
 * roll-over counter. Where either changes there may be somebody new behind it, who counts from
 * zero, so we change our key as well.
 */
final class Keying {
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Srtp use;
    private List<Crypto> offered = List.of();
    private @Nullable Crypto ours;
    private @Nullable SrtpKey theirs;
    private @Nullable InetSocketAddress peer;

    Keying(Srtp use) {
        this.use = use;
    }

    Srtp use() {
        return use;
    }

    /** New keys for an offer, one per suite; the best first. */
    List<Crypto> offer() {
        List<Crypto> lines = new ArrayList<>();
        if (use != Srtp.OFF) {
            for (SrtpSuite suite : SrtpSuite.values()) {
                lines.add(new Crypto(lines.size() + 1, SrtpKey.random(suite, RANDOM)));
            }
        }
        offered = List.copyOf(lines);
        return offered;
    }

    /** The key in use, for an offer that is to change nothing. */
    List<Crypto> offerAgain() {
        Crypto present = ours;
        offered = present == null ? List.of() : List.of(present);
        return offered;
    }

    /** Our line in the answer to an offer; none if it is plain. */
    List<Crypto> answer(Negotiation.MediaStream offer) {
        Crypto chosen = offer.crypto();
        if (chosen == null) {
            ours = null;
            theirs = null;
            return List.of();
        }
        Crypto present = ours;
        boolean same =
                present != null && chosen.key().equals(theirs) && unmoved(offer.peer().rtp());
        SrtpKey key =
                same && present != null
                        ? present.key()
                        : SrtpKey.random(chosen.key().suite(), RANDOM);
        Crypto line = new Crypto(chosen.tag(), key);
        ours = line;
        met(offer, chosen);
        return List.of(line);
    }

    /** Takes the answer to our offer; false if it names what we did not offer. */
    boolean answered(Negotiation.MediaStream answer) {
        Crypto chosen = answer.crypto();
        if (chosen == null) {
            ours = null;
            theirs = null;
            return use != Srtp.REQUIRED;
        }
        for (Crypto line : offered) {
            if (line.tag() == chosen.tag() && line.key().suite() == chosen.key().suite()) {
                ours = line;
                met(answer, chosen);
                return true;
            }
        }
        return false;
    }

    private void met(Negotiation.MediaStream agreed, Crypto chosen) {
        theirs = chosen.key();
        if (!agreed.peer().rtp().getAddress().isAnyLocalAddress()) {
            peer = agreed.peer().rtp();
        }
    }

    /** Hold by the null address is no move. */
    private boolean unmoved(InetSocketAddress rtp) {
        return rtp.getAddress().isAnyLocalAddress() || Objects.equals(rtp, peer);
    }

    /** What media is protected by from now on; null if it is plain. */
    @Nullable SrtpKeys keys() {
        Crypto here = ours;
        SrtpKey there = theirs;
        return here == null || there == null ? null : new SrtpKeys(here.key(), there);
    }
}
