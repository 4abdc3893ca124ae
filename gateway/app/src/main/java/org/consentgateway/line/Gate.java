package org.consentgateway.line;

import org.consentgateway.consent.CallFacts;
import org.consentgateway.consent.DurableGrant;
import org.consentgateway.media.MediaBridge;
import org.consentgateway.media.MediaEngine;
import org.consentgateway.media.MediaLeg;
import org.consentgateway.target.SipConnection;

/**
 * Thread-safe. The only place where a caller's audio is let through to somebody else. To an
 * assistant it opens for proof of this very call alone; a call that forwards without proof does not
 * compile.
 */
final class Gate {
    private final MediaEngine media;

    Gate(MediaEngine media) {
        this.media = media;
    }

    MediaBridge open(
            MediaLeg caller, SipConnection assistant, DurableGrant grant, CallFacts facts) {
        if (!grant.call().equals(facts.callId())) {
            throw new IllegalStateException(
                    "this consent was proved in another call: " + grant + ", " + facts.callId());
        }
        return media.bridge(caller, assistant.leg());
    }

    /** To a person no consent is needed: that is what a telephone is for. */
    MediaBridge openToHuman(MediaLeg caller, SipConnection human) {
        return media.bridge(caller, human.leg());
    }
}
