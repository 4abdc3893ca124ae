package org.consentgateway.line;

import org.consentgateway.call.far.AssistantEnd;
import org.consentgateway.call.far.HumanEnd;
import org.consentgateway.consent.CallFacts;
import org.consentgateway.consent.journal.DurableGrant;
import org.consentgateway.media.MediaEngine;
import org.consentgateway.media.MediaLeg;
import org.consentgateway.target.FarLeg;

/**
 * Thread-safe. The only place where a caller's audio is let through to somebody else. To an
 * assistant it opens for proof of this very call alone; a call that forwards without proof, or
 * takes an assistant for a person, does not compile.
 */
final class Gate {
    private final MediaEngine media;
    private final KeptBack keptBack;
    private final Runnable refused;

    /**
     * @param refused run where an assistant was to be let in without proof of this call
     */
    Gate(MediaEngine media, KeptBack keptBack, Runnable refused) {
        this.media = media;
        this.keptBack = keptBack;
        this.refused = refused;
    }

    CuttableBridge open(
            MediaLeg caller, AssistantEnd assistant, DurableGrant grant, CallFacts facts) {
        if (!grant.call().equals(facts.callId())) {
            refused.run();
            throw new IllegalStateException(
                    "this consent was proved in another call: " + grant + ", " + facts.callId());
        }
        return join(caller, FarLeg.of(assistant));
    }

    /** To a person no consent is needed: that is what a telephone is for. */
    CuttableBridge openToHuman(MediaLeg caller, HumanEnd human) {
        return join(caller, FarLeg.of(human));
    }

    /** What the far end goes on saying can still be kept back, until that is played. */
    private CuttableBridge join(MediaLeg caller, FarLeg far) {
        return new CuttableBridge(media.bridgeTappingSecond(caller, far.leg()), keptBack);
    }
}
