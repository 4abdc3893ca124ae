/**
 * Built-in peers for trying the gateway out: one that is called, one that calls, and a line that
 * collects words from one's own staff.
 */
@NullMarked
package org.consentgateway.demo;

import org.jspecify.annotations.NullMarked;
