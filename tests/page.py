"""A reply that holds everything that can be drawn, to look at."""

from __future__ import annotations

PAGE = r"""# Heading of the first level
## Heading of the second
### Heading of the third
#### Heading of the fourth
##### Heading of the fifth
###### Heading of the sixth

A paragraph with *emphasis*, **weight**, ***both***, ~~what is struck out~~, `code in a line`, **`code with weight`**, a
[link](https://example.org/page), one that is [**heavy**](https://example.org), a bare one https://example.org/a_b?c=d#e
and a <mail@example.org>. It ends with a hard break,\
behind which the same paragraph goes on. A footnote[^one], and another[^two].

A long address without a place to break it:
https://example.org/a/very/long/path/that/goes/on/and/on/without/any/end/in/sight/until/it/is/wider/than/the/window.html?x=1

---

## Lists

- one point
- another, with a second paragraph

  that belongs to it
  - nested, and long enough that it takes more than one line of the window, so that one sees where the next one begins
    - and deeper
      1. numbered in there
      2. again
- [ ] a task
- [x] a task that is done

9. nine
10. ten
11. eleven
    ```sh
    echo "code in an item"
    ```

## Quotes

> A quote of one paragraph, long enough to take two lines of a window that is not wide, and it has **weight** in it.
>
> - a list in it
> - goes on
>
> > A quote in the quote.
> >
> > ```python
> > print("code in there")
> > ```

## Tables

| a | b |
|---|--:|
| 1 | 2 |

| name | what it is for | cost | since |
|:-----|:--------------:|-----:|-------|
| `insertText` | writes at a cursor, and **nothing** else | 0.26 s | 4.0 |
| `setMarkdown` | reads all of it anew, whatever has changed, and takes longer with each token | 35 s | 5.14 |
| [link](https://example.org) | ~~struck~~ | | 日本語 |

| one | two | three | four | five | six | seven | eight | nine | ten |
|---|---|---|---|---|---|---|---|---|---|
| a wide table | with many | columns that | have to | share | the | width | of a | narrow | window |

## Code

```python
@dataclass(frozen=True)
class Row:
    name: str = "a name"  # what it says
    value: float = 0.5

    def holds(self) -> bool:
        return self.value <= REACH and not any(one.failed for one in self.others if one.is_of_the_kind_of(self) or None)
```

```rust
fn main() -> Result<(), Box<dyn Error>> {
    let total: u64 = (1..=10).filter(|n| n % 2 == 0).sum();
    println!("{total}"); // thirty
    Ok(())
}
```

```sql
SELECT author, count(*) AS said FROM message WHERE created_at > '2026-01-01' GROUP BY author ORDER BY said DESC;
```

```json
{"role": "assistant", "tokens": 25000, "stream": true, "stop": null}
```

```
without a language
```

## Mathematics

Inline $e^{i\pi} + 1 = 0$ stands in its line, and $\sqrt{x^2 + y^2}$ too.

$$
\int_{-\infty}^{\infty} e^{-x^2}\,dx = \sqrt{\pi}, \qquad \sum_{k=1}^{n} k = \frac{n(n+1)}{2}
$$

## Languages

**Русский:** съешь же ещё этих мягких французских булок, да выпей чаю.

**日本語:** いろはにほへと ちりぬるを。我が世誰ぞ常ならむ。

العربية: هذا نص من اليمين إلى اليسار مع English في الوسط.

- قائمة أولى
- قائمة ثانية مع `code`

Emoji: 👩🏽‍💻 🇺🇦 ✅ 1️⃣ 👨‍👩‍👧‍👦 🌸

![An image of another place](https://example.org/picture.png)

<details>Raw HTML is text.</details>

[^one]: What the first footnote says.
[^two]: And the second, with a [link](https://example.org).
"""
