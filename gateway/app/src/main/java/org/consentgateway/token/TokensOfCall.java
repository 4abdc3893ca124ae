package org.consentgateway.token;

import java.util.ArrayList;
import java.util.List;

/**
 * Thread-safe. The tokens of one call, and whether its consent has ended: the thread that issues
 * one need not be the one that learns of the end, so neither comes between the other's two steps.
 */
final class TokensOfCall {
    private final List<Place> places = new ArrayList<>();
    private boolean consentEnded;

    /** Of one token. */
    record Place(StatusList list, int index) {
        void becomes(TokenStatus status) {
            list.set(index, status);
        }
    }

    /** What is issued behind the end of its consent never held. */
    synchronized void add(Place place) {
        places.add(place);
        if (consentEnded) {
            place.becomes(TokenStatus.INVALID);
        }
    }

    /** They say more than holds; what follows says what is left. */
    synchronized void outdated() {
        places.forEach(place -> place.becomes(TokenStatus.INVALID));
    }

    /** Nothing holds in this call any more. */
    synchronized void consentEnded() {
        consentEnded = true;
        outdated();
    }

    synchronized void callOver() {
        for (Place place : places) {
            if (place.list().status(place.index()) == TokenStatus.VALID) {
                place.becomes(TokenStatus.OVER);
            }
        }
    }
}
