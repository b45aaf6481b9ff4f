"""What the files of other programs become."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

from gui.conversation import Message, Role, State
from gui.errors import from_json
from tests.history.imports import samples
from tests.history.imports.conftest import SEEN_AT

if TYPE_CHECKING:
    from gui.history.record import Record
    from tests.history.imports.conftest import Reading


def branch(record: Record) -> list[Message]:
    """What is on show."""
    found = {message.id: message for message in record.messages}
    line = []
    message = found.get(record.conversation.leaf_id or "")
    while message is not None:
        line.append(message)
        message = found.get(message.parent_id or "")
    return line[::-1]


def said(record: Record, text: str) -> Message:
    return next(message for message in record.messages if text in message.text)


# -- ChatGPT ----------------------------------------------------------------------------------------------------------


def test_chatgpt_tells_what_was_on_show(reading: Reading) -> None:
    first, second = reading(samples.chatgpt())
    assert [message.role for message in branch(first)] == [Role.USER, Role.ASSISTANT, Role.USER, Role.ASSISTANT]
    assert first.conversation.title == "Adding numbers"
    assert (first.conversation.created_at, first.conversation.updated_at) == (1_735_689_600_250, 1_735_689_620_250)
    assert first.conversation.archived
    assert second.conversation.title == "Write a poem", "made of what was asked first"


def test_chatgpt_another_version_stays_beside(reading: Reading) -> None:
    record = reading(samples.chatgpt())[0]
    other = said(record, "The first attempt.")
    assert other not in branch(record)
    assert other.parent_id == said(record, "Add these numbers").id


def test_chatgpt_what_a_person_never_saw_is_left_out(reading: Reading) -> None:
    record = reading(samples.chatgpt())[0]
    everything = "".join(message.text + message.reasoning for message in record.messages)
    assert "SECRET PROFILE" not in everything
    assert "Thought for" not in everything
    assert branch(record)[0].parent_id is None


def test_chatgpt_code_its_output_and_the_answer_are_one_reply(reading: Reading) -> None:
    reply = branch(reading(samples.chatgpt())[0])[1]
    assert reply.text == (
        "````python\nprint('```', 2 + 3)\n````\n\n````\n``` 5\n````\n\nIt is **5**([a page](https://a.example/p))."
    )
    assert reply.model == "gpt-5-thinking"
    assert reply.finished_at == 1_735_689_609_250


def test_chatgpt_thoughts_and_other_tools_are_thought(reading: Reading) -> None:
    reply = branch(reading(samples.chatgpt())[0])[1]
    for thought in ("I use Python.", 'search("sums")', "A page on sums"):
        assert thought in reply.reasoning


def test_chatgpt_files_and_pictures_have_their_names(reading: Reading) -> None:
    first, second = reading(samples.chatgpt())
    assert branch(first)[0].text == "[File: table.csv]\n\n[Image]\n\nAdd these numbers"
    assert branch(first)[-1].text == "You are welcome\n\n[Audio]"
    assert branch(second)[1].text == "**poem**\n\n# A poem\n\n[Image]"


def test_replies_that_branch_are_not_joined(reading: Reading) -> None:
    node, message, text = samples.gpt_node, samples.gpt_message, samples.gpt_text
    hidden = message("system", text(""))
    mapping = {
        "a": node("a", None, ["h1", "h2"], message("assistant", text("A"))),
        "h1": node("h1", "a", ["b"], hidden),
        "b": node("b", "h1", [], message("assistant", text("B"))),
        "h2": node("h2", "a", ["c"], hidden),
        "c": node("c", "h2", [], message("assistant", text("C"))),
    }
    (record,) = reading([{"mapping": mapping, "current_node": "b", "id": "x"}])
    assert [message.text for message in record.messages] == ["A", "B", "C"]


# -- Claude -----------------------------------------------------------------------------------------------------------


def test_claude_blocks_become_text_and_thought(reading: Reading) -> None:
    reply = said(reading(samples.claude())[0], "It prints 5.")
    assert reply.text == "Here it is:\n\n**sum.py**\n\n```python\nprint(2 + 3)\n```\n\nIt prints 5."
    assert reply.reasoning.startswith("Let me think.")
    assert "web_search" in reply.reasoning


def test_claude_versions_follow_their_parents(reading: Reading) -> None:
    record = reading(samples.claude())[0]
    assert [one.text for one in branch(record)][1:] == ["Another version.", "What was pasted in."]
    assert said(record, "It prints 5.").parent_id == said(record, "Write a program").id


def test_claude_names_files_and_takes_in_what_was_pasted(reading: Reading) -> None:
    record = reading(samples.claude())[0]
    assert record.messages[0].text == "[File: notes.txt]\n\n[File: photo.jpg]\n\nWrite a program"
    assert branch(record)[-1].text == "What was pasted in."


def test_claude_without_blocks_and_parents_is_a_line(reading: Reading) -> None:
    record = reading(samples.claude())[1]
    assert [one.text for one in branch(record)] == ["Hi", "Hello"]
    assert record.conversation.title == "Hi"
    assert record.conversation.created_at == 1_690_848_000_000


# -- Open WebUI -------------------------------------------------------------------------------------------------------


def test_open_webui_tells_the_branch_and_the_prompt(reading: Reading) -> None:
    record = reading(samples.open_webui())[0]
    assert [one.text for one in branch(record)] == [
        "[Image]\n\n[File: a.pdf]\n\nIs 2 less than 3?",
        "Yes, it is.",
        "And 4?\n\n[Image]",
    ]
    assert record.conversation.system_prompt == "Be brief."
    assert record.conversation.pinned


def test_open_webui_thoughts_are_taken_out_of_the_text(reading: Reading) -> None:
    reply = said(reading(samples.open_webui())[0], "Yes, it is.")
    assert reply.reasoning == "Is 2 < 3?\nYes."
    assert (reply.model, reply.prompt_tokens, reply.completion_tokens) == ("llama3:8b", 12, 7)


def test_a_failed_reply_keeps_its_text_and_its_reason(reading: Reading) -> None:
    for sample, text, reason in (
        (samples.open_webui(), "It b", "CUDA out of memory"),
        (samples.chatbox(), "Gre", "503"),
    ):
        reply = next(said(one, text) for one in reading(sample) if any(text in m.text for m in one.messages))
        assert reply.state is State.FAILED
        assert reason in str(from_json(reply.error))


def test_a_chat_by_itself_is_taken_as_well(reading: Reading) -> None:
    for sample in (samples.chatgpt()[0], samples.claude()[0], samples.open_webui()[0], samples.open_webui()[1]):
        assert len(reading(sample)) == 1


# -- Chatbox ----------------------------------------------------------------------------------------------------------


def test_chatbox_sessions_and_their_threads_are_conversations(reading: Reading) -> None:
    records = reading(samples.chatbox())
    assert [one.conversation.title for one in records] == ["First thread", "Colours, second thread", "Legacy"]
    assert [one.text for one in branch(records[2])] == ["Before parts", "An answer"]


def test_chatbox_prompt_forks_and_parts(reading: Reading) -> None:
    record = reading(samples.chatbox())[1]
    assert record.conversation.system_prompt == "You are a painter."
    asked, reply = branch(record)[:2]
    assert (reply.text, reply.model) == ("Red\n\n[Image]", "OpenAI API (gpt-4o)")
    assert reply.reasoning.startswith("Warm or cold?")
    assert said(record, "Blue").parent_id == asked.id
    assert said(record, "Blue") not in branch(record)


def test_chatbox_settings_are_not_looked_at(reading: Reading) -> None:
    assert "sk-SECRET" not in repr(reading(samples.chatbox()))


def test_chatbox_of_the_first_versions_has_all_sessions_in_one_list(reading: Reading) -> None:
    session = samples.chatbox()["session:s2"]
    assert [one.conversation.title for one in reading({"settings": {}, "chat-sessions": [session]})] == ["Legacy"]


# -- the page ---------------------------------------------------------------------------------------------------------


def test_the_page_has_one_chat_without_times(reading: Reading) -> None:
    (record,) = reading(samples.gprochat_page())
    assert [one.role for one in branch(record)] == [Role.USER, Role.ASSISTANT, Role.USER]
    assert record.conversation.created_at == SEEN_AT * 1000, "that of the file"
    assert record.conversation.title == "What is a monad?"


def test_a_list_of_the_page_that_has_grown_adds_what_is_new(reading: Reading) -> None:
    (before,) = reading(samples.gprochat_page())
    (after,) = reading(
        [*samples.gprochat_page(), {"role": "model", "parts": [{"text": "You are "}, {"text": "welcome"}]}]
    )
    assert after.conversation.id == before.conversation.id
    assert [one.id for one in after.messages[:3]] == [one.id for one in before.messages]
    assert after.messages[3].text == "You are welcome"


# -- all of them ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", samples.ALL)
def test_ids_are_the_same_each_time_and_in_the_order_of_time(reading: Reading, name: str) -> None:
    records = reading(samples.ALL[name])
    assert records == reading(samples.ALL[name])
    ids = [one.conversation.id for one in records] + [message.id for one in records for message in one.messages]
    assert len(set(ids)) == len(ids)
    for record in records:
        found = {message.id: message for message in record.messages}
        for message in record.messages:
            assert message.id[14] == "7"
            assert not message.parent_id or message.parent_id < message.id
            assert not message.parent_id or found[message.parent_id].created_at <= message.created_at


@pytest.mark.parametrize("name", samples.ALL)
def test_the_model_of_another_program_is_not_asked_for_here(reading: Reading, name: str) -> None:
    assert all((one.conversation.model, one.conversation.connection) == ("", "") for one in reading(samples.ALL[name]))


def test_the_same_message_in_two_chats_is_two_messages(reading: Reading) -> None:
    one: Any = samples.open_webui()[0]
    records = reading([one, {**one, "id": "w2"}])
    ids = [message.id for record in records for message in record.messages]
    assert len(set(ids)) == len(ids)


def test_messages_of_one_id_are_all_kept_and_take_no_time(reading: Reading) -> None:
    messages = [
        {
            "uuid": f"u{number}",
            "sender": "human" if number % 2 else "assistant",
            "text": f"{number} {version}",
            "parent_message_uuid": f"u{number - 1}",
        }
        for number in range(60)
        for version in ("a", "b", "b")
    ]
    (record,) = reading([{"uuid": "c", "name": "", "chat_messages": messages}])
    assert sorted(message.text for message in record.messages) == sorted(
        f"{number} {version}" for number in range(60) for version in ("a", "b", "b")
    )


def test_a_reply_of_thousands_of_parts_is_joined_at_once(reading: Reading) -> None:
    messages = [{"uuid": f"u{number}", "sender": "assistant", "text": "x" * 2000} for number in range(8000)]
    began = time.process_time()
    (record,) = reading([{"uuid": "c", "name": "", "chat_messages": messages}])
    assert time.process_time() - began < 4
    assert len(record.messages[0].text) == 8000 * 2002 - 2


def test_chats_without_ids_stay_apart_and_are_the_same_each_time(reading: Reading) -> None:
    chats = [{"name": "", "chat_messages": [{"sender": "human", "text": text}]} for text in ("one", "two")]
    ids = [record.conversation.id for record in reading(chats)]
    assert len(set(ids)) == 2
    assert [record.conversation.id for record in reading(chats)] == ids
