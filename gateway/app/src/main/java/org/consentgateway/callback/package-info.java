/**
 * Calls numbers back from which access or erasure was asked for, so that only who holds the number
 * confirms it (Art. 12(6) DSGVO). Whoever is called is no far end of a call: the gate can join them
 * with nobody, and nothing that they say is listened to but keys.
 */
@NullMarked
package org.consentgateway.callback;

import org.jspecify.annotations.NullMarked;
