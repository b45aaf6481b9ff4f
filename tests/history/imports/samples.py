"""Made-up files of other programs: small, with what is peculiar about each kind."""

from __future__ import annotations

from typing import Any

GPT_TIME = 1_735_689_600.25  # 2025-01-01


def gpt_node(key: str, parent: str | None, children: list[str], message: dict[str, Any] | None) -> dict[str, Any]:
    return {"id": key, "message": message, "parent": parent, "children": children}


def gpt_message(role: str, content: dict[str, Any], after: float | None = 0.0, **more: Any) -> dict[str, Any]:
    name = more.pop("name", None)
    return {
        "id": "unused",
        "author": {"role": role, "name": name, "metadata": {}},
        "create_time": None if after is None else GPT_TIME + after,
        "update_time": None,
        "content": content,
        "status": "finished_successfully",
        "end_turn": True,
        "weight": 1.0,
        "metadata": more.pop("metadata", {}),
        "recipient": more.pop("recipient", "all"),
        "channel": None,
        **more,
    }


def gpt_text(*parts: Any) -> dict[str, Any]:
    return {"content_type": "text", "parts": list(parts)}


def chatgpt() -> list[dict[str, Any]]:
    hidden = {"metadata": {"is_visually_hidden_from_conversation": True}}
    model = {"metadata": {"model_slug": "gpt-5-thinking"}}
    cited = {
        "model_slug": "gpt-5-thinking",
        "content_references": [
            {"matched_text": "\ue200cite\ue202turn0search0\ue201", "alt": "([a page](https://a.example/p))"},
            {"matched_text": " ", "alt": "no link at all"},
        ],
    }
    tool = {"name": "python"}
    mapping = {
        "root": gpt_node("root", None, ["sys"], None),
        "sys": gpt_node("sys", "root", ["about"], gpt_message("system", gpt_text(""), None, **hidden)),
        "about": gpt_node(
            "about",
            "sys",
            ["ask"],
            gpt_message(
                "user",
                {"content_type": "user_editable_context", "user_profile": "SECRET PROFILE", "user_instructions": ""},
                None,
                **hidden,
            ),
        ),
        "ask": gpt_node(
            "ask",
            "about",
            ["think", "other"],
            gpt_message(
                "user",
                {
                    "content_type": "multimodal_text",
                    "parts": [
                        {"content_type": "image_asset_pointer", "asset_pointer": "file-service://file-1", "width": 8},
                        "Add these numbers",
                    ],
                },
                1,
                metadata={
                    "attachments": [
                        {"id": "file-1", "name": "photo.png", "mime_type": "image/png"},
                        {"id": "f2", "name": "table.csv"},
                    ]
                },
            ),
        ),
        "other": gpt_node("other", "ask", [], gpt_message("assistant", gpt_text("The first attempt."), 2)),
        "think": gpt_node(
            "think",
            "ask",
            ["call"],
            gpt_message(
                "assistant",
                {"content_type": "thoughts", "thoughts": [{"summary": "Adding", "content": "I use Python."}]},
                3,
                **model,
            ),
        ),
        "call": gpt_node(
            "call",
            "think",
            ["out"],
            gpt_message(
                "assistant",
                {"content_type": "code", "language": "unknown", "text": "print('```', 2 + 3)"},
                4,
                recipient="python",
                **model,
            ),
        ),
        "out": gpt_node(
            "out",
            "call",
            ["search"],
            gpt_message("tool", {"content_type": "execution_output", "text": "``` 5"}, 5, **tool),
        ),
        "search": gpt_node(
            "search",
            "out",
            ["found"],
            gpt_message(
                "assistant",
                {"content_type": "code", "language": "unknown", "text": 'search("sums")'},
                6,
                recipient="web.run",
            ),
        ),
        "found": gpt_node(
            "found",
            "search",
            ["recap"],
            gpt_message(
                "tool",
                {"content_type": "tether_browsing_display", "result": "A page on sums", "summary": ""},
                7,
                name="web.run",
            ),
        ),
        "recap": gpt_node(
            "recap",
            "found",
            ["answer"],
            gpt_message("assistant", {"content_type": "reasoning_recap", "content": "Thought for 3 s"}, 8),
        ),
        "answer": gpt_node(
            "answer",
            "recap",
            ["thanks"],
            gpt_message(
                "assistant", gpt_text("It is **5**\ue200cite\ue202turn0search0\ue201.\ue200x\ue201"), 9, metadata=cited
            ),
        ),
        "thanks": gpt_node("thanks", "answer", ["voice"], gpt_message("user", gpt_text("Спасибо 🌸 \ud800"), None)),
        "voice": gpt_node(
            "voice",
            "thanks",
            [],
            gpt_message(
                "assistant",
                {
                    "content_type": "multimodal_text",
                    "parts": [
                        {"content_type": "audio_transcription", "text": "You are welcome"},
                        {"content_type": "audio_asset_pointer", "asset_pointer": "sediment://file-3"},
                    ],
                },
                11,
            ),
        ),
    }
    first = {
        "title": "Adding\nnumbers",
        "create_time": GPT_TIME,
        "update_time": GPT_TIME + 20,
        "mapping": mapping,
        "moderation_results": [],
        "current_node": "voice",
        "plugin_ids": None,
        "conversation_id": "11111111-2222-4333-8444-555555555555",
        "conversation_template_id": None,
        "gizmo_id": None,
        "is_archived": True,
        "default_model_slug": "gpt-5-thinking",
        "id": "11111111-2222-4333-8444-555555555555",
    }
    canvas = {
        "q": gpt_node("q", None, ["doc"], gpt_message("user", gpt_text("Write a poem"), 100)),
        "doc": gpt_node(
            "doc",
            "q",
            ["pic"],
            gpt_message(
                "assistant",
                gpt_text('{"name": "poem", "type": "document", "content": "# A poem"}'),
                101,
                recipient="canmore.create_textdoc",
            ),
        ),
        "pic": gpt_node(
            "pic",
            "doc",
            [],
            gpt_message(
                "tool",
                {
                    "content_type": "multimodal_text",
                    "parts": [{"content_type": "image_asset_pointer", "asset_pointer": "file-service://file-9"}],
                },
                102,
                name="dalle.text2im",
            ),
        ),
    }
    second = {"title": None, "create_time": GPT_TIME + 100, "mapping": canvas, "current_node": "pic", "id": "second"}
    empty = {"title": "Nothing", "create_time": GPT_TIME, "mapping": {}, "current_node": None, "id": "third"}
    return [first, second, empty]


def claude() -> list[dict[str, Any]]:
    blocks = [
        {"type": "thinking", "thinking": "Let me think.", "summaries": []},
        {"type": "text", "text": "Here it is:", "citations": []},
        {
            "type": "tool_use",
            "name": "artifacts",
            "input": {
                "id": "a",
                "type": "application/vnd.ant.code",
                "title": "sum.py",
                "command": "create",
                "language": "python",
                "content": "print(2 + 3)",
            },
        },
        {"type": "tool_result", "name": "artifacts", "content": [{"type": "text", "text": "OK"}]},
        {"type": "tool_use", "name": "web_search", "input": {"query": "sums"}},
        {"type": "tool_result", "name": "web_search", "content": "A page on sums"},
        {"type": "token_budget"},
        {"type": "text", "text": "It prints 5."},
    ]

    def message(key: str, sender: str, second: int, **more: Any) -> dict[str, Any]:
        moment = f"2025-02-03T04:05:{second:02d}.123456Z"
        base = {"uuid": key, "text": "", "content": [], "sender": sender, "created_at": moment, "updated_at": moment}
        return {**base, "attachments": [], "files": [], **more}

    first = {
        "uuid": "c1",
        "name": "Sums",
        "summary": "",
        "created_at": "2025-02-03T04:05:06.789Z",
        "updated_at": "2025-02-03T04:06:06+00:00",
        "account": {"uuid": "me"},
        "chat_messages": [
            message(
                "m1",
                "human",
                10,
                text="Write a program",
                content=[{"type": "text", "text": "Write a program"}],
                attachments=[{"file_name": "notes.txt", "file_size": 3, "extracted_content": "not shown"}],
                files=[{"file_name": "photo.jpg"}],
                parent_message_uuid="00000000-0000-4000-8000-000000000000",
            ),
            message("m2", "assistant", 20, content=blocks, parent_message_uuid="m1"),
            message("m3", "assistant", 30, text="Another version.", parent_message_uuid="m1"),
            message(
                "m4",
                "human",
                40,
                attachments=[{"file_name": "", "extracted_content": "What was pasted in."}],
                parent_message_uuid="m3",
            ),
        ],
    }
    old = {
        "uuid": "c2",
        "name": "",
        "created_at": "2023-08-01T00:00:00",
        "updated_at": "2023-08-01T00:00:00",
        "chat_messages": [message("o1", "human", 1, text="Hi"), message("o2", "assistant", 2, text="Hello")],
    }
    for one in old["chat_messages"]:
        del one["content"]  # type: ignore[attr-defined]
    return [first, old]


THOUGHT = (
    '<details type="reasoning" done="true" duration="2">\n<summary>Thought for 2 seconds</summary>\n'
    "&gt; Is 2 &lt; 3?\n&gt; Yes.\n</details>\n"
)


def open_webui() -> list[dict[str, Any]]:
    messages = {
        "u1": {
            "id": "u1",
            "parentId": None,
            "childrenIds": ["a1", "a2"],
            "role": "user",
            "content": "Is 2 less than 3?",
            "files": [{"type": "image", "url": "data:image/png;base64,AAAA"}, {"type": "file", "name": "a.pdf"}],
            "timestamp": 1_740_000_000,
            "models": ["llama3:8b", "qwen3"],
        },
        "a1": {
            "id": "a1",
            "parentId": "u1",
            "childrenIds": ["u2"],
            "role": "assistant",
            "content": THOUGHT + "Yes, it is.",
            "model": "llama3:8b",
            "modelName": "Llama 3",
            "timestamp": 1_740_000_001,
            "done": True,
            "usage": {"prompt_tokens": 12, "completion_tokens": 7},
        },
        "a2": {
            "id": "a2",
            "parentId": "u1",
            "childrenIds": [],
            "role": "assistant",
            "content": "It b",
            "model": "qwen3",
            "error": {"content": "CUDA out of memory"},
            "timestamp": 1_740_000_001,
        },
        "u2": {
            "id": "u2",
            "parentId": "a1",
            "childrenIds": [],
            "role": "user",
            "content": [{"type": "text", "text": "And 4?"}, {"type": "image_url", "image_url": {"url": "data:"}}],
            "timestamp": 1_740_000_010,
        },
    }
    first = {
        "id": "w1",
        "user_id": "me",
        "title": "Less 🌸",
        "chat": {
            "title": "Less 🌸",
            "models": ["llama3:8b"],
            "params": {"system": "Be brief."},
            "history": {"messages": messages, "currentId": "u2"},
            "messages": [],
            "tags": [],
            "timestamp": 1_740_000_000_000,
        },
        "updated_at": 1_740_000_100,
        "created_at": 1_740_000_000,
        "share_id": None,
        "archived": False,
        "pinned": True,
        "meta": {"tags": []},
        "folder_id": None,
    }
    bare = {
        "id": "",
        "title": "Bare",
        "history": {"messages": {"x": {"role": "user", "content": "Only this"}}, "currentId": None},
        "timestamp": 1_740_000_000_000,
    }
    return [first, bare]


def chatbox() -> dict[str, Any]:
    def message(key: str, role: str, text: str, at: int, **more: Any) -> dict[str, Any]:
        parts = more.pop("contentParts", [{"type": "text", "text": text}])
        return {"id": key, "role": role, "contentParts": parts, "timestamp": at, **more}

    session = {
        "id": "s1",
        "type": "chat",
        "name": "Colours",
        "starred": True,
        "threadName": "Colours, second thread",
        "messages": [
            message("p", "system", "You are a painter.", 1_750_000_000_000),
            message("q", "user", "Name a colour", 1_750_000_001_000, files=[{"id": "f", "name": "palette.txt"}]),
            message(
                "r",
                "assistant",
                "",
                1_750_000_002_000,
                model="OpenAI API (gpt-4o)",
                aiProvider="openai",
                contentParts=[
                    {"type": "reasoning", "text": "Warm or cold?"},
                    {"type": "tool-call", "toolCallId": "t", "toolName": "wheel", "args": {"turn": 1}, "state": "call"},
                    {"type": "text", "text": "Red"},
                    {"type": "image", "storageKey": "picture:1"},
                    {"type": "info", "text": "not of the reply"},
                ],
                usage={"inputTokens": 10, "outputTokens": 2},
            ),
            message("e", "user", "One more", 1_750_000_003_000),
            message("f", "assistant", "Gre", 1_750_000_004_000, error="API Error: 503"),
        ],
        "threads": [
            {
                "id": "t1",
                "name": "First thread",
                "createdAt": 1_740_000_000_000,
                "messages": [message("o", "user", "Old question", 1_740_000_000_000)],
            }
        ],
        "messageForksHash": {
            "q": {
                "position": 1,
                "createdAt": 1,
                "lists": [
                    {"id": "l1", "messages": [message("b", "assistant", "Blue", 1_750_000_001_500)]},
                    {"id": "l2", "messages": []},
                ],
            }
        },
    }
    legacy = {
        "id": "s2",
        "name": "Legacy",
        "messages": [
            {"id": "l1", "role": "user", "content": "Before parts", "timestamp": 1_690_000_000_000},
            {"id": "l2", "role": "assistant", "content": "An answer"},
        ],
    }
    return {
        "__exported_items": ["setting", "conversations"],
        "__exported_at": "2025-06-15T00:00:00.000Z",
        "settings": {"providers": {"openai": {"apiKey": "sk-SECRET"}}},
        "session:s1": session,
        "session:s2": legacy,
        "chat-sessions-list": [{"id": "s1", "name": "Colours"}, {"id": "s2", "name": "Legacy"}],
        "configVersion": 12,
    }


def gprochat_page() -> list[dict[str, Any]]:
    return [
        {"role": "user", "content": "What is a monad?"},
        {"role": "assistant", "content": "A monoid in the category of endofunctors."},
        {"role": "user", "content": "Thanks"},
    ]


ALL: dict[str, Any] = {
    "chatgpt": chatgpt(),
    "claude": claude(),
    "open_webui": open_webui(),
    "chatbox": chatbox(),
    "gprochat_page": gprochat_page(),
}
