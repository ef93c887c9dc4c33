/**
 * Types of bodies, which the compiler reads out of the text of a table. The notation is that of
 * `schema.ts`.
 */

/** A decoded body. Every field is there: those of other versions have their defaults. */
export type BodyOf<Text extends string> = Text extends `\n${infer Rest}` ? Level<Rest, IndentOf<Rest>> : never

/** A body to be written: a field that is missing is written with its default. */
export type DraftOf<Text extends string> = Draft<BodyOf<Text>>

/** The type of the elements of a list of a body; the list may be missing. */
export type ElementOf<List> = NonNullable<List> extends readonly (infer Element)[] ? Element : never

/**
 * `Given`, with `never` for each field that `Shape` does not know. The compiler refuses unknown
 * fields only in literals that stand where the shape is asked for; a parameter of the type `Given &
 * Known<Given, Shape>` refuses them everywhere.
 */
export type Known<Given, Shape> = Given extends Buffer
  ? Given
  : Given extends readonly (infer Element)[]
    ? readonly Known<Element, ElementOf<Shape>>[]
    : Given extends object
      ? {
          readonly [Name in keyof Given]: Name extends keyof NonNullable<Shape>
            ? Known<Given[Name], NonNullable<Shape>[Name]>
            : never
        }
      : Given

type Draft<T> = T extends Buffer
  ? T
  : T extends readonly (infer Element)[]
    ? readonly Draft<Element>[]
    : T extends object
      ? { readonly [Name in keyof T]?: Draft<T[Name]> }
      : T

type IndentOf<Text extends string> = Text extends ` ${infer Rest}` ? ` ${IndentOf<Rest>}` : ''

/**
 * The fields of one level. Walks the lines: one at `Indent` begins a field, deeper ones are
 * collected in `Inner` and belong to the field above.
 */
type Level<
  Text extends string,
  Indent extends string,
  Field extends string = '',
  Inner extends string = '',
  Fields = unknown,
> = Text extends `${infer Line}\n${infer Rest}`
  ? Line extends `${Indent} ${string}`
    ? Level<Rest, Indent, Field, `${Inner}${Line}\n`, Fields>
    : Line extends `${Indent}${infer Next}`
      ? Level<Rest, Indent, Next, '', Fields & FieldOf<Field, Inner>>
      : Level<Rest, Indent, Field, Inner, Fields>
  : Flat<Fields & FieldOf<Field, Inner>>

type Flat<T> = { readonly [Name in keyof T]: T[Name] }

/** One field: `name type versions …`. It may be null in all versions where it may be in one. */
type FieldOf<
  Line extends string,
  Inner extends string,
> = Line extends `${infer Name} ${infer Type} ${infer Rest}`
  ? { readonly [Each in Name]: ValueOf<Type, Inner> | (Rest extends `${string}null${string}` ? null : never) }
  : unknown

type ValueOf<Type extends string, Inner extends string> = Type extends '[]'
  ? readonly Level<Inner, IndentOf<Inner>>[]
  : Type extends '{}'
    ? Level<Inner, IndentOf<Inner>>
    : Type extends `[]${infer Element extends keyof Values}`
      ? readonly Values[Element][]
      : Type extends keyof Values
        ? Values[Type]
        : never

interface Values {
  bool: boolean
  int8: number
  int16: number
  uint16: number
  int32: number
  uint32: number
  int64: bigint
  float64: number
  string: string
  bytes: Buffer
  records: Buffer
  /** 32 lower-case hex digits. */
  uuid: string
}
