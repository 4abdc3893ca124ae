package org.consentgateway.target;

import java.time.Duration;
import org.consentgateway.call.far.OpeningHours;
import org.consentgateway.sip.sdp.Srtp;

/**
 * Immutable. Somebody who can be called.
 *
 * @param name in the configuration
 * @param uri SIP URI, with a transport parameter where it is not UDP
 * @param ring how long it may ring before it counts as no answer
 * @param trunk by whose account it is called; empty: directly
 * @param srtp whether media with it is encrypted
 * @param diversion whether it may know by which numbers the call was forwarded
 * @param transfer how the caller is brought to it
 * @param refers whether it may hand over the caller to a human (REFER)
 * @param hours when it is there
 */
public record SipTarget(
        String name,
        String uri,
        Duration ring,
        String trunk,
        Srtp srtp,
        boolean diversion,
        Transfer transfer,
        boolean refers,
        OpeningHours hours) {}
