import { describe, expect, it } from 'vitest'
import { ScramExchange, scramCredential } from './scram.ts'

/** The example of RFC 7677, section 3. */
const CLIENT_FIRST = 'n,,n=user,r=rOprNGfwEbeRWgbNEkqO'
const SERVER_NONCE = '%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0'
const CLIENT_FINAL = `c=biws,r=rOprNGfwEbeRWgbNEkqO${SERVER_NONCE},p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=`

function exchange(password = 'pencil'): ScramExchange {
  const credential = scramCredential('SCRAM-SHA-256', {
    password,
    salt: Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64'),
    iterations: 4_096,
  })
  return new ScramExchange({
    mechanism: 'SCRAM-SHA-256',
    credentialOf: (user) => (user === 'user' ? credential : null),
    serverNonce: SERVER_NONCE,
  })
}

describe('SCRAM-SHA-256', () => {
  it('answers the example of RFC 7677 as it stands there', () => {
    const server = exchange()
    expect(server.first(CLIENT_FIRST)).toBe(
      `r=rOprNGfwEbeRWgbNEkqO${SERVER_NONCE},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096`,
    )
    expect(server.final(CLIENT_FINAL)).toBe('v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=')
  })

  it('refuses the proof of another password', () => {
    const server = exchange('pen')
    server.first(CLIENT_FIRST)
    expect(server.final(CLIENT_FINAL)).toBeNull()
  })

  it('refuses another nonce, another binding and a proof before the first message', () => {
    const server = exchange()
    expect(server.final(CLIENT_FINAL)).toBeNull()
    server.first(CLIENT_FIRST)
    expect(server.final(CLIENT_FINAL.replace('r=rO', 'r=xx'))).toBeNull()
    expect(server.final(CLIENT_FINAL.replace('biws', 'eSws'))).toBeNull()
  })

  it('refuses who is unknown, who acts for another one, and what is no message', () => {
    expect(exchange().first('n,,n=nobody,r=abc')).toBeNull()
    const other = exchange()
    expect([other.first('n,a=admin,n=user,r=abc') === null, other.forAnother]).toEqual([false, true])
    const own = exchange()
    expect([own.first('n,a=user,n=user,r=abc') === null, own.forAnother]).toEqual([false, false])
    expect(exchange().first('p=tls-unique,,n=user,r=abc')).toBeNull()
  })
})
