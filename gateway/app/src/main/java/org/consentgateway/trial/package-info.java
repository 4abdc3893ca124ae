/**
 * What an assistant is told that is tried and not served, whatever it is reached by, and what is
 * said of it.
 */
@NullMarked
package org.consentgateway.trial;

import org.jspecify.annotations.NullMarked;
