/**
 * Calls by SIP to an assistant that is tried: there is no caller but a recording, so these are far
 * ends of a call like the demonstration's, and the command line alone knows them ({@code
 * WallsTest}).
 */
@NullMarked
package org.consentgateway.trial.call;

import org.jspecify.annotations.NullMarked;
